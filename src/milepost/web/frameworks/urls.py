"""Addresses of this app, below work/."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.frameworks import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("frameworks/", views.frameworks, name="frameworks"),
    path("frameworks/definitions/<int:pk>/", views.definition, name="definition"),
    path("frameworks/definitions/<int:pk>/revise/", views.definition_revise, name="definition-revise"),
    path("frameworks/definitions/<int:pk>/end/", views.definition_end, name="definition-end"),
    path("frameworks/definitions/<int:pk>/file/", views.definition_file, name="definition-file"),
    path("frameworks/<slug:country>/entries/<slug:code>/", views.framework, name="framework"),
    path("frameworks/<slug:country>/crosswalks/", views.crosswalks, name="crosswalks"),
    path("frameworks/<slug:country>/crosswalks/pair/", views.pair, name="crosswalk-pair"),
    path(
        "frameworks/<slug:country>/crosswalks/<slug:origin>/<slug:goal>/", views.crosswalk, name="crosswalk"
    ),
    path("frameworks/<slug:country>/definitions/", views.definitions, name="definitions"),
    path("frameworks/<slug:country>/definitions/new/", views.definition_new, name="definition-new"),
    path("frameworks/<slug:country>/codes/", views.code_lists, name="code-lists"),
    path("frameworks/<slug:country>/codes/<str:name>/", views.code_list, name="code-list"),
    path("frameworks/<slug:country>/codes/<str:name>/title/", views.list_title, name="list-title"),
    path("frameworks/<slug:country>/codes/<str:name>/<int:pk>/", views.code, name="code"),
    path("frameworks/<slug:country>/tags/", views.tags, name="tags"),
    path("frameworks/<slug:country>/tags/<int:pk>/", views.tag, name="tag"),
]
