"""The addresses of the desk."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from trucewatch.desk.api import api
from trucewatch.desk.views import (
    agreements,
    api_docs,
    bulletins,
    errors,
    incidents,
    ledgers,
    people,
    queue,
    reports,
    rooms,
    uploads,
)

urlpatterns = [
    path("", rooms.overview),
    path("healthz", rooms.healthy),
    path("login/", LoginView.as_view(template_name="desk/login.html")),
    path("logout/", LogoutView.as_view()),
    path("areas.geojson", rooms.areas),
    path("incidents/", incidents.incidents),
    path("incidents/points.geojson", incidents.points),
    path("incidents/timeline/", incidents.timeline),
    path("incidents/<str:incident_id>/", incidents.incident),
    path("incidents/<str:incident_id>/places.geojson", incidents.places),
    path("incidents/<str:incident_id>/correct/", incidents.correct),
    path("incidents/<str:incident_id>/decision/", incidents.decision),
    path("reports/", reports.reports),
    path("reports/add/", uploads.uploads),
    path("reports/add/<int:number>/", uploads.upload),
    path("reports/add/<int:number>/stop/", uploads.stop),
    path("reports/add/<int:number>/go-on/", uploads.go_on),
    path("reports/<str:report_id>/", reports.report),
    path("reports/<str:report_id>/decision/", reports.decision),
    path("queue/", queue.queue),
    path("agreements/", agreements.agreements),
    path("agreements/<str:agreement_id>/", agreements.agreement),
    path("ledger/", ledgers.ledger),
    path("tallies/", ledgers.tallies),
    path("statements/", rooms.statements),
    path("sources/", rooms.sources),
    path("bulletins/", bulletins.bulletins),
    path("bulletins/new/", bulletins.new),
    path("bulletins/preview/", bulletins.preview),
    path("bulletins/<str:bulletin_id>/", bulletins.bulletin),
    path("bulletins/<str:bulletin_id>/page/", bulletins.page),
    path("bulletins/<str:bulletin_id>/markdown/", bulletins.markdown),
    path("runs/", rooms.runs),
    path("password/", people.own_password),
    path("people/", people.people),
    path("people/add/", people.add),
    path("people/tokens/", people.add_token),
    path("people/tokens/<int:number>/revoke/", people.revoke_token),
    path("people/<int:number>/", people.change),
    path("api/", api_docs.docs),
    path("api/", api.urls),
]

handler400 = errors.bad_request
handler403 = errors.refused
handler404 = errors.missing
handler500 = errors.broken
