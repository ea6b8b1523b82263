"""Addresses of figures on their way, of the choice between sources, the calendar and the lists."""

from django.urls import URLPattern, URLResolver, path

from milepost.web.indicators.views import calendar, datasets, lists, official

urlpatterns: list[URLPattern | URLResolver] = [
    path("datasets/", datasets.datasets, name="datasets"),
    path("datasets/new/", datasets.new, name="dataset-new"),
    path("datasets/<int:pk>/", datasets.dataset, name="dataset"),
    path("datasets/<int:pk>/submit/", datasets.submit, name="dataset-submit"),
    path("datasets/<int:pk>/recall/", datasets.recall, name="dataset-recall"),
    path("datasets/<int:pk>/approve/", datasets.approve, name="dataset-approve"),
    path("datasets/<int:pk>/return/", datasets.send_back, name="dataset-return"),
    path("datasets/<int:pk>/publish/", datasets.publish, name="dataset-publish"),
    path("datasets/<int:pk>/discard/", datasets.discard, name="dataset-discard"),
    path("datasets/<int:pk>/withdraw/", datasets.withdraw, name="dataset-withdraw"),
    path("datasets/<int:pk>/schedule/", datasets.schedule, name="dataset-schedule"),
    path("datasets/<int:pk>/describe/", datasets.describe, name="dataset-describe"),
    path("datasets/<int:pk>/decide/", datasets.decide, name="dataset-decide"),
    path("datasets/<int:pk>/rows/<int:number>/", datasets.row, name="dataset-row"),
    path("datasets/<int:pk>/again/", datasets.again, name="dataset-again"),
    path("sources/", official.sources, name="sources"),
    path("sources/<country:country>/<str:code>/", official.source, name="source"),
    path("releases/", calendar.releases, name="releases"),
    path("releases/new/", calendar.new, name="release-new"),
    path("releases/<int:pk>/", calendar.release, name="release"),
    path("releases/<int:pk>/edit/", calendar.edit, name="release-edit"),
    path("releases/<int:pk>/postpone/", calendar.postpone, name="release-postpone"),
    path("list/", lists.lists, name="indicator-lists"),
    path("list/<country:country>/add/", lists.add, name="indicator-add"),
    path("list/<country:country>/<str:code>/", lists.edit, name="indicator-edit"),
]
