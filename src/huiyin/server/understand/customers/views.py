"""Screens of customers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.customers.selectors import ORDERS, PAGE, VOICES, customer_of, customers_of, said_by
from huiyin.server.understand.operations.selectors import happened
from huiyin.server.understand.privacy.forms import FindForm, ReasonForm
from huiyin.server.web.fragments import page_asked, render_screen
from huiyin.server.web.rights import needs

_PAGES = 5000


@require_GET
@needs("voices.read")
def customers(request: HttpRequest) -> HttpResponse:
    """Everybody who said something that may be seen, by pseudonym."""
    order = next((one for one in ORDERS if one == request.GET.get("order")), ORDERS[0])
    page = page_asked(request, _PAGES)
    rows, total = customers_of(scope_filter(request.user), order, page)
    named = {"latest": _("最近说过话"), "most": _("说得最多"), "worst": _("最不满")}
    context = {
        "rows": rows,
        "total": total,
        "order": order,
        "orders": [(one, named[one]) for one in ORDERS],
        "order_name": named[order],
        "before": page - 1,
        "after": page + 1 if page * PAGE < total else 0,
        "find": FindForm(),
    }
    return render_screen(request, "customers/customers.html", context)


@require_GET
@needs("voices.read")
def customer(request: HttpRequest, customer: str) -> HttpResponse:
    """One customer's timeline, the path of scores, what it is about."""
    within = scope_filter(request.user)
    found = customer_of(customer, within)
    if found is None:
        raise Http404
    page = page_asked(request, _PAGES)
    context = {
        "customer": found,
        "voices": said_by(customer, within, page),
        "before": page - 1,
        "after": page + 1 if page * VOICES < found.voices else 0,
        "form": ReasonForm(),
        "happened": happened(customer, within) if request.user.has_perm("operations.read") else [],
    }
    return render_screen(request, "customers/customer.html", context)
