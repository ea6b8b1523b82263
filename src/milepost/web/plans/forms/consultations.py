"""What people type of consultations, of who was consulted, and of comments."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from milepost.web.plans.actions.consultations import DOCUMENTS
from milepost.web.plans.forms.common import LONGEST, Choosing, day, lines, why
from milepost.web.plans.models import Consultation, DraftComment, Party
from milepost.web.plans.models import consultations as limits
from milepost.web.plans.queries.comment_tables import Judged, offered
from milepost.web.plans.queries.consultations import Wanted
from milepost.web.stakeholders.fields import TextField
from milepost.web.ui.forms import FilesField, ManyFiles


class ConsultationForm(Choosing):
    """What is asked of whom, and until when."""

    title = TextField(label=lazy("Title"), max_length=500)
    plan = forms.ChoiceField(
        label=lazy("Plan of action"),
        required=False,
        help_text=lazy("Choose the plan where its draft is shown; leave it where the policy itself is."),
    )
    about = TextField(
        label=lazy("What is asked, and how to comment"), lines=4, max_length=LONGEST, required=False
    )
    start = day(label=lazy("First day"))
    end = day(label=lazy("Last day for comments"))
    open_call = forms.BooleanField(
        label=lazy("Any institution of the country that is in the register may comment"),
        required=False,
        help_text=lazy("Otherwise only those that are listed as consulted."),
    )

    def __init__(self, *args: Any, plans: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("plan", list(plans), blank=_("the policy itself"))

    def clean_plan(self) -> Any:
        """The plan itself, or None."""
        return self.kept.get(self.cleaned_data["plan"])


class EditConsultationForm(ConsultationForm):
    """The same of a consultation that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class DraftForm(forms.Form):
    """The next draft."""

    documents = FilesField(
        label=lazy("Documents"),
        widget=ManyFiles(attrs={"accept": ",".join(DOCUMENTS), "multiple": True}),
        help_text=lazy("PDF, Word, Excel or OpenDocument; several at once."),
    )
    version = forms.TypedChoiceField(
        label=lazy("Version of the plan that it shows"), required=False, coerce=int, empty_value=None
    )
    note = TextField(
        label=lazy("What differs from the draft before"), lines=2, max_length=LONGEST, required=False
    )

    def __init__(self, *args: Any, versions: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if versions:
            fields["version"].choices = [("", "–"), *((number, str(number)) for number in versions)]
        else:
            del fields["version"]

    def typed(self) -> dict[str, Any]:
        """What the action takes."""
        found = dict(self.cleaned_data)
        uploads = [(one, one.name) for one in found.pop("documents")]
        return {**found, "uploads": uploads}


class PartyForm(forms.Form):
    """What sort of stakeholder it is, and how it was consulted."""

    kind = forms.ChoiceField(label=lazy("Kind of stakeholder"), choices=Party.Kind.choices)
    how = forms.MultipleChoiceField(
        label=lazy("How it was consulted"),
        choices=Party.How.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    role = forms.CharField(
        label=lazy("Who spoke for it, by post"),
        max_length=200,
        required=False,
        help_text=lazy("Such as “head of the migration division”; never the name of a person."),
    )


class NewPartyForm(PartyForm, Choosing):
    """The same with the institution, or the name of one that the register does not have."""

    institution = forms.ChoiceField(label=lazy("Institution of the register"), required=False)
    name = forms.CharField(label=lazy("Or its name"), max_length=300, required=False)
    field_order = ["institution", "name"]  # noqa: RUF012  (as Django declares it)

    def __init__(self, *args: Any, institutions: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("institution", list(institutions), blank=_("– none of the register –"))

    def clean_institution(self) -> Any:
        """The institution itself, or None."""
        return self.kept.get(self.cleaned_data["institution"])


class EditPartyForm(PartyForm):
    """The same of a stakeholder that is listed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class EventForm(forms.Form):
    """An engagement at which a draft was discussed."""

    address = forms.ChoiceField(label=lazy("Engagement"))

    def __init__(self, *args: Any, offered: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["address"].choices = list(offered)


# Comments ---------------------------------------------------------------------------------------------------


class CommentForm(Choosing):
    """What is said, on which place of which draft."""

    draft = forms.ChoiceField(label=pgettext_lazy("consultation", "Draft"), required=False)
    place = forms.CharField(
        label=lazy("Section, measure, paragraph"),
        max_length=300,
        required=False,
        help_text=lazy("As the draft numbers it, such as “3.2, second paragraph”."),
    )
    measure = forms.ChoiceField(label=lazy("Measure of the plan"), required=False)
    text = lines(6, label=lazy("Comment or proposal"), max_length=limits.LONGEST)

    def __init__(
        self,
        *args: Any,
        drafts: Sequence[Any],
        places: Sequence[tuple[str, str]],
        measures: Iterable[Any] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.drafts = {str(one.pk): one for one in drafts}
        fields["draft"].choices = [
            (key, _("Draft {number}").format(number=one.number)) for key, one in self.drafts.items()
        ] or [("", "–")]
        self.measures = {str(one.pk): one for one in measures}
        if places:
            fields["measure"].choices = [("", "–"), *places]
        else:
            del fields["measure"]

    def typed(self) -> dict[str, Any]:
        """What the action takes."""
        found = dict(self.cleaned_data)
        found["draft"] = self.drafts.get(found["draft"])
        found["measure"] = self.measures.get(found.get("measure", ""))
        return found


class NewCommentForm(CommentForm):
    """The same with whose words they are."""

    who = forms.ChoiceField(label=lazy("From whom"))
    field_order = ["who"]  # noqa: RUF012  (as Django declares it)

    def __init__(self, *args: Any, voices: Sequence[tuple[str, Any, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.voices = {key: thing for key, thing, _words in voices}
        fields["who"].choices = [(key, words) for key, _thing, words in voices]

    def typed(self) -> dict[str, Any]:
        """What the action takes: `institution` for one's own, `party` for another's words."""
        found = super().typed()
        who = found.pop("who")
        name = "institution" if who.startswith("institution-") else "party"
        return {**found, name: self.voices[who]}


class EditCommentForm(CommentForm):
    """The same of a comment that is here."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What became of a comment, and why."""

    disposition = forms.ChoiceField(
        label=pgettext_lazy("comment", "What became of it"),
        choices=DraftComment.Disposition.choices,
        widget=forms.RadioSelect,
    )
    reason = lines(
        3,
        label=pgettext_lazy("comment", "Reason"),
        max_length=limits.LONGEST,
        required=False,
        help_text=lazy(
            "Needed unless the comment is accepted. Where the consultation is public, it is, too."
        ),
    )
    changed = lines(2, label=lazy("What was changed in the draft"), max_length=limits.LONGEST, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why a comment is taken back."""

    reason = why()
    revision = forms.IntegerField(widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """Which comments are shown."""

    party = forms.ChoiceField(label=lazy("From whom"), required=False)
    state = forms.ChoiceField(label=lazy("State"), required=False)
    disposition = forms.ChoiceField(label=pgettext_lazy("comment", "What became of it"), required=False)
    draft = forms.ChoiceField(label=pgettext_lazy("consultation", "Draft"), required=False)

    def __init__(self, *args: Any, parties: Iterable[tuple[str, str]], drafts: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        everything = ("", pgettext_lazy("comments", "all"))
        fields["party"].choices = [everything, *parties]
        fields["state"].choices = [everything, *DraftComment.State.choices]
        fields["disposition"].choices = [everything, *DraftComment.Disposition.choices]
        fields["draft"].choices = [everything, *((str(one), str(one)) for one in sorted(drafts))]

    @property
    def wanted(self) -> Wanted:
        """What was asked for; nothing where the address says what no list offers."""
        return Wanted(**self.cleaned_data) if self.is_bound and self.is_valid() else Wanted()


# A table of comments ----------------------------------------------------------------------------------------


class TableForm(forms.Form):
    """A table of comments."""

    file = forms.FileField(
        label=lazy("Table of comments"),
        help_text=lazy(
            "An Excel workbook or CSV file with a column of comments; columns for whom they come from, the "
            "place, what became of them and why are read, too. First you see what was read."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )


class ConfirmForm(forms.Form):
    """Whose names these are, and that the comments are wanted as they were seen."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, judged: Judged, consultation: Consultation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in judged.names:
            if name.why in ("listed", "register"):
                continue
            self.fields[name.field] = forms.ChoiceField(
                label=name.printed or _("(nobody is named)"),
                choices=[("", _("– to be decided –")), *offered(consultation, name)],
                required=False,
                initial=name.value,
            )
