"""The routes of the staff site, in their own module because they import all of its pages."""

from django.contrib import admin

admin.autodiscover()

urlpatterns = admin.site.urls[0]
