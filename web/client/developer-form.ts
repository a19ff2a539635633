/** Shows what the server says about a form of the developer portal while it is filled in. The server checks again when it is sent. */
const form = document.querySelector<HTMLFormElement>('form[data-check]');

interface Answer {
  readonly field: string | undefined;
  readonly message: string | undefined;
}

/** The answer of our own server, as far as it has the shape that we expect. */
const textsIn = (answer: unknown): Answer => {
  const member = (name: string): string | undefined => {
    const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return { field: member('field'), message: member('message') };
};

const ask = async (address: string, body: URLSearchParams): Promise<Answer | undefined> => {
  try {
    const response = await fetch(address, { method: 'POST', body, redirect: 'error' });
    const answer: unknown = await response.json();
    return response.ok ? textsIn(answer) : undefined;
  } catch {
    // Offline, or the session has ended: the page that comes after the form says so.
    return undefined;
  }
};

/** Shows a problem of one field that was filled in, and hides those of all others. */
const show = (of: HTMLFormElement, { field, message }: Answer, touched: ReadonlySet<string>): void => {
  of.querySelectorAll<HTMLElement>('[data-problem]').forEach(problem => {
    const name = problem.dataset['problem'] ?? '';
    const isWrong = name === field && touched.has(name);
    problem.hidden = !isWrong;
    const text = problem.querySelector('[lang=en]');
    if (text) text.textContent = isWrong ? (message ?? '') : '';
    const control = of.elements.namedItem(name);
    if (control instanceof HTMLElement) control.setAttribute('aria-invalid', String(isWrong));
  });
};

if (form) {
  const touched = new Set<string>();
  let asked = 0;
  form.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLElement) touched.add(target.getAttribute('name') ?? '');
    const fields = [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    );
    asked += 1;
    const turn = asked;
    const check = async (): Promise<void> => {
      const answer = await ask(form.dataset['check'] ?? '', new URLSearchParams(fields));
      // An older answer may come later.
      if (answer && turn === asked) show(form, answer, touched);
    };
    void check();
  });
}
