"""Guesses on public data sets, with no option given; skipped where they are not at hand."""

from pathlib import Path

import pytest

from huiyin.files import open_files

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not here")

EXPECTED = {
    "zh_appstore_smarthome/reviews.csv.gz": "text=content title=title time=time rating=rating product=app customer=author_id",
    "zh_gov_hotline/messages_votes.csv.gz": "id=msg_id customer=user_id title=title time=time text=content",
    "zh_car_complaints/complaints.csv.gz": "id=id brand=brand product=car_model text=desc time=datetime",
    "zh_phone_reviews_dated/reviews.csv.gz": "text=content time=time rating=rating product=product "
    "customer=author_id channel=source segment=member_level",
    "zh_tourism_reviews/reviews_2018_2019.csv.gz": "channel=channel region=place time=date text=content",
    "zh_tourism_reviews/texts_by_year_2018_2021.csv.gz": "id=doc_id text=text region=place",
    "en_nhs_survey_fft/survey.csv.gz": "id=Comment_ID brand=Trust customer=Respondent_ID time=Date text=FFT_answer",
    "en_airline_tweets/tweets.csv.gz": "id=tweet_id brand=airline text=text time=tweet_created",
    "en_alexa_reviews/reviews.csv.gz": "rating=rating time=date product=variation text=verified_reviews",
    "en_bank_app_reviews/reviews.csv.gz": "id=review_id text=review rating=rating time=date brand=bank channel=source",
    "zh_sentiment_hotel/ChnSentiCorp_htl_all.csv.gz": "text=review",
    "zh_telecom_csat_survey/voice.csv.gz": "text=用户描述.1 rating=语音通话整体满意度 customer=用户id brand=终端品牌",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_columns_are_guessed_right_without_options(name):
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not here")
    with open_files([DATA / name]) as files:
        found = {role: column.name.replace(" ", "_") for role, column in files.sources[0].mapping.items()}
        batches = list(files.batches())
    assert found == dict(pair.split("=") for pair in EXPECTED[name].split())
    assert {reject.code for batch in batches for reject in batch.rejects} <= {"empty_text"}
    assert files.warnings == []
