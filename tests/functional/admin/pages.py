"""What tests of the staff site do again and again."""

from django.test import Client
from django.urls import reverse


def page(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, model: str, action: str, *keys) -> list[str]:
    """Choose rows and an action; returns the messages."""
    answer = client.post(
        reverse(f"admin:artifacts_{model}_changelist"),
        {"action": action, "_selected_action": [str(key) for key in keys], "post": "yes"},
        follow=True,
    )
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]
