"""Addresses of the taxonomy."""

from django.urls import path

from huiyin.server.understand.taxonomy.views import drafting, files, packs, previews, tree, versions, words

app_name = "taxonomy"
urlpatterns = [
    path("", tree.tree, name="tree"),
    path("nodes/<str:node_id>/", tree.node, name="node"),
    path("progress/", tree.progress, name="progress"),
    path("reread/", tree.reread, name="reread"),
    path("examples/<str:node_id>/<str:feedback_id>/", tree.example, name="example"),
    path("examples/<int:number>/drop/", tree.example_drop, name="example_drop"),
    path("draft/", drafting.draft, name="draft"),
    path("draft/begin/", drafting.begin, name="begin"),
    path("draft/discard/", drafting.discard, name="discard"),
    path("draft/undo/", drafting.undo, name="undo"),
    path("draft/add/", drafting.add, name="add"),
    path("draft/nodes/<str:node_id>/", drafting.change, name="change"),
    path("draft/nodes/<str:node_id>/move/", drafting.move, name="move"),
    path("draft/nodes/<str:node_id>/merge/", drafting.merge, name="merge"),
    path("draft/nodes/<str:node_id>/split/", drafting.split, name="split"),
    path("draft/nodes/<str:node_id>/remove/", drafting.remove, name="remove"),
    path("draft/preview/", previews.preview, name="preview"),
    path("draft/preview/stop/", previews.stop, name="preview_stop"),
    path("draft/preview/voices/", previews.voices, name="preview_voices"),
    path("draft/publish/", previews.publish, name="publish"),
    path("versions/", versions.versions, name="versions"),
    path("versions/compare/", versions.compare, name="compare"),
    path("versions/<int:number>/drop/", versions.drop, name="version_drop"),
    path("versions/<int:number>/restore/", versions.restore, name="version_restore"),
    path("versions/drafts/<int:number>/restore/", versions.restore_draft, name="draft_restore"),
    path("versions/<int:number>/again/", versions.again, name="again"),
    path("files/", files.files, name="files"),
    path("files/export/<slug:kind>/", files.export, name="export"),
    path("packs/", packs.packs, name="packs"),
    path("packs/measured/", packs.measured, name="packs_measured"),
    path("packs/<slug:pack>/choose/", packs.choose, name="choose"),
    path("words/", words.words, name="words"),
    path("words/hot/", words.hot, name="hot"),
    path("words/add/", words.add, name="word_add"),
    path("words/<int:number>/remove/", words.remove, name="word_remove"),
]
