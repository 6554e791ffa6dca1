from django.template.loader import render_to_string
from django.urls import reverse


def test_too_many_attempts_are_answered_in_words(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    attempt = {"login": "19900000000", "password": "not the password"}
    client.post(reverse("account_login"), attempt)
    answer = client.post(reverse("account_login"), attempt)
    assert answer.status_code == 429
    assert "429.html" in [template.name for template in answer.templates]


def test_the_page_of_a_failure_needs_neither_database_nor_reader():
    assert "已保存的记录不受影响" in render_to_string("500.html")
