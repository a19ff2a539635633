"""Shows who is signed in."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import include, path


def home(request):
    if not request.user.is_authenticated:
        return redirect("/accounts/oidc/sallyport/login/")
    account = SocialAccount.objects.get(user=request.user)
    address = EmailAddress.objects.get(user=request.user)
    return JsonResponse(
        {
            "username": request.user.username,
            "email": address.email,
            "verified": address.verified,
            "sub": account.uid,
        }
    )


urlpatterns = [path("", home), path("accounts/", include("allauth.urls"))]
