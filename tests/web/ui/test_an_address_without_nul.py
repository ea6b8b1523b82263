"""No address with the character NUL reaches the database."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("asked", ["?series=a%00b", "?%00=1", "?breakdown=sex:F&unit=%00"])
def test_a_machine_is_told_where_the_nul_stands(client, asked):
    """404 with a sentence: nothing has it."""
    answer = client.get(f"/api/v1/observations{asked}")
    assert answer.status_code == 404
    assert "NUL" in answer.json()["detail"]
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["/en/search/?q=%00", "/en/x%00y/"])
def test_a_person_sees_the_page_of_a_bad_address(client, address):
    """400, and nothing is asked of the database."""
    assert client.get(address).status_code == 400
