"""What somebody says of what is to be registered."""

from __future__ import annotations

from django import forms

from artifacts.enums import ArtifactType
from artifacts.limits import NAME_MAX_CHARS, URL_MAX_CHARS
from artifacts.models import UPLOAD_SCHEME
from artifacts.sources.catalogue import find_source, guess_type


class RegistrationForm(forms.Form):
    """An address, and what it may leave open: the type and the name."""

    url = forms.CharField(
        label="Address",
        help_text="As your browser shows it, or as git or pip take it.",
        max_length=URL_MAX_CHARS,
        error_messages={"required": "Enter the address of a model, a data set or code."},
        widget=forms.TextInput(
            attrs={
                "inputmode": "url", "autocomplete": "off", "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )  # fmt: skip
    type = forms.ChoiceField(
        label="Type",
        help_text="A repository on GitHub counts as code, unless you say what else it is.",
        required=False,
        choices=[("", "As the address says"), *ArtifactType.choices()],
    )
    name = forms.CharField(
        label="Name",
        help_text="Left empty, it is the last part of the address.",
        required=False,
        max_length=NAME_MAX_CHARS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def choose_type(self) -> ArtifactType:
        """Return the type that was chosen, or else the one that the address suggests.

        Raises:
            InvalidUrl: there is none to suggest one.
        """
        chosen = ArtifactType.find_word(str(self.cleaned_data["type"]))
        if chosen is not None:
            return chosen
        url = str(self.cleaned_data["url"])
        if url.startswith(UPLOAD_SCHEME):
            return ArtifactType.MODEL  # Whose upload it is has not been checked yet.
        _, reference = find_source(url)
        return guess_type(reference)
