/** Flask with Authlib. */
import { fullIdToken, type Software } from './software.ts';

export const flask: Software = {
  title: 'Flask with Authlib',
  registration: fullIdToken,
  redirectPath: '/auth',
  sends: 'nonce',
  snippetSendsPkce: true,
  file: 'app.py',
  syntax: 'python',
  snippet: ({ issuer, clientId, clientSecret, redirectUri, random }) => `\
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

app = Flask(__name__)
app.secret_key = "${random}"
oauth = OAuth(app)
oauth.register(
    name="sallyport",
    server_metadata_url="${issuer}/.well-known/openid-configuration",
    client_id="${clientId}",
    client_secret="${clientSecret}",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.route("/login")
def login():
    return oauth.sallyport.authorize_redirect("${redirectUri}")


@app.route("/auth")
def auth():
    session["user"] = dict(oauth.sallyport.authorize_access_token()["userinfo"])
    return redirect("/")


@app.route("/")
def home():
    return session.get("user") or redirect("/login")
`,
};
