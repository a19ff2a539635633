/** Posts the one form of a page that only goes on; its button is for browsers without script. */
document.querySelector<HTMLFormElement>('form[data-onward]')?.requestSubmit();
