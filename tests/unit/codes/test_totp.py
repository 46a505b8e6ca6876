from __future__ import annotations

import base64

import pytest

from bot.codes.totp import NoSecret, checked, new_secret, step_of, uri
from bot.settings.sealed import Secret

RFC = Secret(base64.b32encode(b"12345678901234567890").decode())


@pytest.mark.parametrize(
    ("now", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_the_appendix_of_rfc_6238(now: int, code: str) -> None:
    assert step_of(RFC, Secret(code), now) == now // 30


@pytest.mark.parametrize("written", ["287 082", " 287082 ", "287-082"])
def test_a_code_is_taken_as_apps_show_it(written: str) -> None:
    assert step_of(RFC, Secret(written), 59) == 1


@pytest.mark.parametrize(
    "written", ["", "28708", "2870820", "28708x", "-", "\u0662\u0668\u0667\u0660\u0668\u0662", "0" * 9999]
)
def test_what_is_no_code_is_wrong(written: str) -> None:
    assert step_of(RFC, Secret(written), 59) is None


@pytest.mark.parametrize(
    ("since", "taken"),
    [(-31, False), (-30, True), (-1, True), (0, True), (29, True), (30, True), (59, True), (60, False)],
)
def test_a_clock_may_be_one_step_ahead_or_behind_and_no_more(since: int, *, taken: bool) -> None:
    step = 1111111109 // 30
    assert step_of(RFC, Secret("081804"), step * 30 + since) == (step if taken else None)


def test_every_secret_is_another_one_of_160_bits_and_its_address_names_whose_it_is() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(base64.b32decode(first.reveal())) == 20
    assert uri(first, "U0ANNA") == f"otpauth://totp/srbot:U0ANNA?secret={first.reveal()}&issuer=srbot"


@pytest.mark.parametrize("text", ["canary!", "MFRGG", "canary canary canary canary canary"])
def test_what_no_codes_can_be_made_from_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(NoSecret) as refused:
        checked(Secret(text))
    assert text not in str(refused.value)
    assert refused.value.__context__ is None
