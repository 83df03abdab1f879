"""What happened with the simulated customers: the same for the same seed, of customers who spoke, with the planted cause in it."""

from __future__ import annotations

import csv
from datetime import datetime

from huiyin.simulate import write_csv, write_operations
from huiyin.simulate.operations import CAUSED, LEAVES


def rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_operations_belong_to_the_voices_and_come_out_the_same_again(tmp_path):
    write_csv(tmp_path / "voices.csv", rows=6000)
    found = write_operations(tmp_path / "one.csv", rows=6000)
    assert write_operations(tmp_path / "two.csv", rows=6000) == found
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    spoke: dict[str, datetime] = {}
    for row in rows(tmp_path / "voices.csv"):
        at = datetime.fromisoformat(row["时间"])
        spoke[row["客户编号"]] = min(at, spoke.get(row["客户编号"], at))
    happened = rows(tmp_path / "one.csv")
    assert {row["会员号"] for row in happened} <= spoke.keys()
    assert len({row["记录编号"] for row in happened}) == len(happened) == found.orders + found.left
    for row in happened:
        days = (datetime.fromisoformat(row["时间"]) - spoke[row["会员号"]]).days
        assert -45 <= days < 0 if row["类型"] == "订单" else 14 <= days <= 105
    # Orders of seven in ten; departures between the base rate and that of the cause.
    assert 0.66 < found.orders / len(spoke) < 0.74
    assert 0.7 * LEAVES < found.left / len(spoke) < LEAVES + CAUSED
    assert found.caused > 20
