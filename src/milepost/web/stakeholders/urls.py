"""Addresses of this app, below work/."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.stakeholders import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("countries/", views.countries, name="countries"),
    path("countries/new/", views.country_new, name="country-new"),
    path("countries/<slug:code>/edit/", views.country_edit, name="country-edit"),
    path("institutions/", views.institutions, name="institutions"),
    path("institutions/new/", views.institution_new, name="institution-new"),
    path("institutions/<int:pk>/", views.institution, name="institution"),
    path("institutions/<int:pk>/edit/", views.institution_edit, name="institution-edit"),
    path("institutions/<int:pk>/activity/", views.institution_activity, name="institution-activity"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/edit/", views.person_edit, name="person-edit"),
    path("people/<int:pk>/invite/", views.invite_again, name="invite-again"),
    path("people/<int:pk>/reopen/", views.reopen, name="person-reopen"),
    path("people/<int:pk>/roles/", views.grant_new, name="grant-new"),
    path("people/<int:pk>/memberships/", views.membership_new, name="membership-new"),
    path("people/<int:pk>/second-factor/", views.second_factor_remove, name="second-factor-remove"),
    path("people/<int:pk>/sessions/", views.sessions_end_of, name="person-sessions-end"),
    path("people/<int:pk>/hand-over/", views.hand_over, name="hand-over"),
    path("roles/<int:pk>/end/", views.grant_end, name="grant-end"),
    path("memberships/<int:pk>/end/", views.membership_end, name="membership-end"),
]
