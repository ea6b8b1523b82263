"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.plans.views import measures, reading, register, rounds, versions

urlpatterns: list[URLPattern | URLResolver] = [
    path("policies/", register.policies, name="policies"),
    path("policies/new/", register.policy_new, name="policy-new"),
    path("policies/<int:pk>/", register.policy, name="policy"),
    path("policies/<int:pk>/edit/", register.policy_edit, name="policy-edit"),
    path("policies/<int:pk>/show/", register.policy_show, name="policy-show"),
    path("policies/<int:pk>/plans/new/", register.plan_new, name="plan-new"),
    path("policies/plans/<int:pk>/", versions.plan, name="plan"),
    path("policies/plans/<int:pk>/edit/", register.plan_edit, name="plan-edit"),
    path("policies/plans/<int:pk>/difference/", versions.difference, name="plan-difference"),
    path("policies/plans/<int:pk>/matrix/", versions.matrix, name="plan-matrix"),
    path("policies/plans/<int:pk>/table.<str:ending>", versions.table, name="plan-table"),
    path("policies/plans/<int:pk>/begin/", versions.begin, name="plan-begin"),
    path("policies/plans/<int:pk>/in-force/", versions.in_force, name="plan-in-force"),
    path("policies/plans/<int:pk>/discard/", versions.discard, name="plan-discard"),
    path("policies/plans/<int:pk>/hand-over/", versions.hand_over, name="plan-hand-over"),
    path("policies/plans/<int:pk>/read/", reading.hand_in, name="plan-read"),
    path("policies/plans/<int:pk>/read/<int:file>/", reading.reading, name="plan-reading"),
    path("policies/plans/<int:pk>/read/<int:file>/withdraw/", reading.withdraw, name="plan-withdraw"),
    path("policies/plans/<int:pk>/sections/", measures.sections, name="plan-sections"),
    path("policies/plans/<int:pk>/sections/<int:row>/", measures.section_edit, name="plan-section-edit"),
    path(
        "policies/plans/<int:pk>/sections/<int:row>/remove/",
        measures.section_remove,
        name="plan-section-remove",
    ),
    path("policies/plans/<int:pk>/measures/new/", measures.measure_new, name="measure-new"),
    path("policies/measures/<int:pk>/", measures.measure, name="measure"),
    path("policies/measures/<int:pk>/edit/", measures.measure_edit, name="measure-edit"),
    path("policies/measures/<int:pk>/remove/", measures.measure_remove, name="measure-remove"),
    path("policies/measures/<int:pk>/roles/", measures.roles, name="measure-roles"),
    path(
        "policies/measures/<int:pk>/parts/<slug:what>/<int:row>/remove/",
        measures.part_remove,
        name="measure-part-remove",
    ),
    path("policies/plans/<int:pk>/rounds/", rounds.rounds, name="rounds"),
    path("policies/plans/<int:pk>/standing/", rounds.standing, name="plan-standing"),
    path("policies/rounds/<int:pk>/", rounds.round_, name="round"),
    path("policies/rounds/<int:pk>/answers.csv", rounds.table, name="round-table"),
    path("policies/rounds/<int:pk>/remind/", rounds.remind, name="round-remind"),
    path("policies/rounds/<int:pk>/close/", rounds.close, name="round-close"),
    path("policies/answers/<int:pk>/", rounds.answer, name="round-answer"),
    path("policies/answers/<int:pk>/step/<slug:deed>/", rounds.step, name="round-answer-step"),
    path("policies/answers/<int:pk>/file/", rounds.attach, name="round-answer-file"),
    path("policies/answers/<int:pk>/contribution/", rounds.contribute, name="round-answer-contribution"),
    path(
        "policies/answers/<int:pk>/contribution/<int:row>/take/",
        rounds.take_over,
        name="round-answer-take-over",
    ),
]
