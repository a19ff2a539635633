/** Sends the code as soon as all its digits are in: typed, pasted or filled in. Once, and after an error only what was edited. */
const field = document.querySelector<HTMLInputElement>('input[data-digits]');
const form = field?.form;

if (field && form) {
  const length = Number(field.dataset['digits']);
  let sent = false;
  field.addEventListener('input', () => {
    const digits = field.value.replace(/[\s\p{Pd}\p{Cf}]/gu, '');
    if (sent || digits.length !== length || !/^[0-9]+$/u.test(digits)) return;
    sent = true;
    form.requestSubmit();
  });
  form.addEventListener('submit', () => {
    sent = true;
  });
  addEventListener('pageshow', () => {
    sent = false;
  });
  // The wrong code is kept for correction; typing replaces it.
  if (field.value !== '') field.select();
}
