/**
 * Submits the one form of a page that only continues, after as many milliseconds as `data-autosubmit` says (none: at once).
 * Its button is for browsers without script.
 */
const form = document.querySelector<HTMLFormElement>('form[data-autosubmit]');
if (form) setTimeout(() => form.requestSubmit(), Number(form.dataset['autosubmit']));
