/** Shows who is signed in, with the printed file beside it. */
import { signedIn, signOut } from './sign-in.js';

const user = await signedIn();
if (user) {
  const { name, email, sub } = user.profile;
  document.querySelector('#person').textContent = JSON.stringify({ name, email, sub });
  const button = document.querySelector('#sign-out');
  button.hidden = false;
  button.addEventListener('click', () => signOut());
}
