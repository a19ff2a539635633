"""Shows who is signed in."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import include, path


def home(request):
    if not request.user.is_authenticated:
        return redirect("/oidc/authenticate/")
    return JsonResponse({"email": request.user.email})


urlpatterns = [path("", home), path("oidc/", include("mozilla_django_oidc.urls"))]
