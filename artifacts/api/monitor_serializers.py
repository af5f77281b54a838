"""What is sent and answered about the program that decides about a model's downloads."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from artifacts.api.rendering import AnswerSerializer
from artifacts.api.serializers import TextField
from artifacts.enums import MonitorVerdict


class MonitorSerializer(serializers.Serializer[Any]):
    """A program."""

    program = TextField(
        help_text="JavaScript for Node.js 24, run with MODEL_NAME UPLOADER_USERNAME "
        "DOWNLOADER_USERNAME ZIP_FILE_PATH before each download; the exit status 0 allows it. It "
        "has no network; where the operator allows hosts, its `fetch` asks those."
    )


class MonitorTrialSerializer(serializers.Serializer[Any]):
    """A program to try out."""

    program = TextField(required=False, help_text="Without one, the program in force is run.")


class MonitorChangeSerializer(AnswerSerializer):
    """Somebody set the program, or removed it."""

    date = serializers.DateTimeField(source="created_at")
    user_name = serializers.CharField()
    program = serializers.CharField(help_text="Empty where it was removed.")
    sha256 = serializers.CharField(help_text="Of the program; empty where it was removed.")


class MonitorAnswerSerializer(AnswerSerializer):
    """The program in force, and all changes."""

    is_set = serializers.BooleanField(help_text="Whether a program decides about downloads.")
    program = serializers.CharField(help_text="Empty if none is in force.")
    sha256 = serializers.CharField(help_text="Of the program; empty if none is in force.")
    changes = MonitorChangeSerializer(many=True, help_text="The latest first.")


class ProgramRequestSerializer(AnswerSerializer):
    """What a host was asked for a program."""

    host = serializers.CharField(help_text="With its port.")
    method = serializers.CharField()
    status = serializers.IntegerField(required=False, help_text="Absent if no answer came.")
    sent_bytes = serializers.IntegerField(help_text="Of the body that was sent.")
    received_bytes = serializers.IntegerField(help_text="Of the answer's body, as far as read.")


class MonitorTrialAnswerSerializer(AnswerSerializer):
    """How a program ended with the caller as the one who downloads."""

    verdict = serializers.ChoiceField(MonitorVerdict.choices())
    exit_status = serializers.IntegerField(
        required=False, help_text="Negative for the signal that ended it; absent if it was not run."
    )
    output = serializers.CharField(help_text="The end of what it printed.")
    reason = serializers.CharField(help_text="Why it does not allow the download; or empty.")
    requests = ProgramRequestSerializer(
        many=True,
        required=False,
        help_text="What was asked of hosts for it; absent where the operator allows none.",
    )


class DecidedDownloadSerializer(AnswerSerializer):
    """A download of a model, or one that its program refused."""

    date = serializers.DateTimeField(source="created_at")
    user_name = serializers.CharField()
    is_admin = serializers.BooleanField()
    is_refused = serializers.BooleanField()
    note = serializers.CharField(help_text="What it was of, as in `part=weights`.")
    verdict = serializers.ChoiceField(
        MonitorVerdict.choices(), required=False, help_text="Absent if the model had no program."
    )
    exit_status = serializers.IntegerField(
        required=False, help_text="Of the program; absent if it was not run."
    )
    output = serializers.CharField(
        required=False,
        help_text="What the program printed; where the operator allows hosts, its last line is the "
        "registry's and says what was asked of them.",
    )
