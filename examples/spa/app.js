/** Signs a person in on a page without a server of its own. The page has no secret: PKCE protects the code. */
import { UserManager } from 'oidc-client-ts';

// The two constants are put in by index.mjs, which bundles this file.
const manager = new UserManager({
  authority: ISSUER,
  client_id: CLIENT_ID,
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile email',
  loadUserInfo: true,
});

const [person, signIn, signOut] = ['person', 'sign-in', 'sign-out'].map(id => document.getElementById(id));
signIn.addEventListener('click', () => manager.signinRedirect());
signOut.addEventListener('click', () => manager.signoutRedirect());

const show = user => {
  person.textContent = user ? `${user.profile.name}, ${user.profile.email}` : 'Nobody is signed in.';
  signIn.hidden = Boolean(user);
  signOut.hidden = !user;
};

if (location.pathname === '/callback') {
  try {
    show(await manager.signinRedirectCallback());
  } catch (error) {
    show();
    person.textContent = `The sign-in failed: ${error.error ?? error.message}`;
  }
  // The code was used: a refresh of the page must not send it again.
  history.replaceState(undefined, '', '/');
} else show(await manager.getUser());
