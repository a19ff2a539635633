/** Submits the one form of a page that only continues. Its button is for browsers without script. */
document.querySelector<HTMLFormElement>('form[data-autosubmit]')?.requestSubmit();
