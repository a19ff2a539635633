/**
 * Lets a ringing phone be heard, and speaks what the voice says on a call. Off until the person switches it on; the
 * browser remembers that.
 */

const remembered = 'simulator-sound';
const button = document.querySelector('#sound');
/** The tones that a phone rings with, in Hz: two seconds on, four seconds off, as in North America. */
const tones = [440, 480];
const [ringOn, ringEvery] = [2, 6];

let isOn = localStorage.getItem(remembered) === 'on';
let audio;
let ringing;
/** Texts that were spoken or were there before the sound was on. */
const heard = new Set();

/** One ring. Its volume rises and falls softly, because a hard edge clicks. */
const ring = () => {
  const now = audio.currentTime;
  const volume = audio.createGain();
  volume.connect(audio.destination);
  volume.gain.setValueAtTime(0, now);
  volume.gain.linearRampToValueAtTime(0.08, now + 0.05);
  volume.gain.setValueAtTime(0.08, now + ringOn - 0.05);
  volume.gain.linearRampToValueAtTime(0, now + ringOn);
  for (const frequency of tones) {
    const tone = new OscillatorNode(audio, { frequency });
    tone.connect(volume);
    tone.start(now);
    tone.stop(now + ringOn);
  }
  return volume;
};

const startRinging = () => {
  // Browsers forbid sound until the person has used the page: it then begins at their first click or key.
  if (ringing !== undefined || !navigator.userActivation.hasBeenActive) return;
  audio ??= new AudioContext();
  const state = { volume: ring() };
  state.timer = setInterval(() => {
    state.volume = ring();
  }, ringEvery * 1000);
  ringing = state;
};
const stopRinging = () => {
  if (ringing === undefined) return;
  clearInterval(ringing.timer);
  ringing.volume.disconnect();
  ringing = undefined;
};

const say = ({ textContent, lang }) => {
  const speech = new SpeechSynthesisUtterance(textContent.replaceAll(/\s+/g, ' ').trim());
  speech.lang = lang;
  speechSynthesis.speak(speech);
};

/** Follows the page: rings while a phone rings, speaks each new sentence once, and is silent after the call. */
export const hearPage = () => {
  const sentences = [...document.querySelectorAll('.transcript [data-sentence]')];
  const fresh = sentences.filter(({ dataset }) => !heard.has(dataset.sentence));
  for (const { dataset } of fresh) heard.add(dataset.sentence);
  if (!isOn) return;
  if (document.querySelector('.handset[data-state=ringing]') === null) stopRinging();
  else startRinging();
  // A new sentence, or the end of the call, interrupts the one that is being spoken.
  if (fresh.length > 0 || sentences.length === 0) speechSynthesis.cancel();
  for (const sentence of fresh.slice(-1)) say(sentence);
};

const showState = () => button.setAttribute('aria-pressed', String(isOn));
button.addEventListener('click', () => {
  isOn = !isOn;
  localStorage.setItem(remembered, isOn ? 'on' : 'off');
  showState();
  if (!isOn) {
    stopRinging();
    speechSynthesis.cancel();
  }
  hearPage();
});
for (const gesture of ['pointerup', 'keydown']) document.addEventListener(gesture, hearPage);
showState();
