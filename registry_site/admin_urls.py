"""The routes of the staff site, apart from the others because they import all of its pages."""

from django.contrib import admin

admin.autodiscover()

urlpatterns = admin.site.urls[0]
