/**
 * Submits the code form as soon as all digits are in: typed, pasted or filled in by the browser.
 * Submits once. After an error it submits again only when the field was edited.
 */
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
  // A page that Back restores still has its variables.
  addEventListener('pageshow', () => {
    sent = false;
  });
  // The wrong code stays in the field for correction; typing replaces it.
  if (field.value !== '') field.select();
}
