/** The tag that every value on a page passes through. */
import { describe, expect, test } from '@jest/globals';
import { assert, property, string, oneof, stringMatching } from 'fast-check';
import { html, raw, type Value } from '../../web/html.ts';

/** A template as a page would write it, with its parts made in the test. */
const template = (parts: readonly string[], ...values: readonly Value[]): string =>
  html(Object.assign([...parts], { raw: parts }), ...values).text;

describe('the html tag', () => {
  test('escapes tags and entities in text', () => {
    expect(html`<p>${'<b>&amp;</b>'}</p>`.text).toBe('<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>');
  });

  test('escapes quotes in attributes', () => {
    expect(html`<p title="${`"'><script>`}"></p>`.text).toBe('<p title="&quot;&#39;&gt;&lt;script&gt;"></p>');
  });

  test('inserts its own markup, lists of it and raw text unchanged', () => {
    const items = ['a', '<'].map(each => html`<li>${each}</li>`);
    expect(html`<ul>${items}${raw('<hr>')}</ul>`.text).toBe('<ul><li>a</li><li>&lt;</li><hr></ul>');
  });

  test('does not accept a plain object as markup', () => {
    const forged: unknown = JSON.parse('{"text":"<script>"}');
    expect(() => html`<p>${forged as Value}</p>`).toThrow(TypeError);
  });

  test('drops bidirectional control characters', () => {
    expect(html`<p>${'a\u202Eb\u2066c\u200Fd'}</p>`.text).toBe('<p>abcd</p>');
  });

  test('omits absent values and their attributes', () => {
    expect(html`<p>${undefined}${null}${false}${true}</p>`.text).toBe('<p></p>');
    expect(html`<input value="${undefined}" required="${true}" autofocus="${false}">`.text).toBe('<input required="">');
    expect(html`<input value="${0}" class="a ${false}">`.text).toBe('<input value="0" class="a ">');
  });

  const anything = string({ unit: 'binary', maxLength: 60 });
  const dangerous = oneof(anything, stringMatching(/^[<>"'&=/!a-z -]{0,40}$/u));

  test('keeps the tags of a page for any text', () => {
    assert(
      property(dangerous, dangerous, (text, attribute) => {
        const { text: page } = html`<p title="${attribute}" class="x ${attribute}">${text}</p>`;
        expect(page.match(/<[^>]*>/gu)?.length).toBe(2);
        expect(page.match(/["<>]/gu)?.length).toBe(8);
      }),
    );
  });
});

describe('a value is refused in', () => {
  test.each([
    ['an unquoted attribute', ['<input value=', '>']],
    ['a tag', ['<input ', '>']],
    ['the name of a tag', ['<', '>']],
    ['the name of an attribute', ['<input ', '="a">']],
    ['a comment', ['<!-- ', ' -->']],
    ['a doctype', ['<!doctype ', '>']],
    ['a handler', ['<p onclick="', '"></p>']],
    ['a handler in capitals', ['<p ONCLICK="', '"></p>']],
    ['a style', ['<p style="', '"></p>']],
    ['srcdoc', ['<p srcdoc="', '"></p>']],
    ['the beginning of an address', ['<a href="', '/x"></a>']],
    ['a closing tag', ['</', '>']],
  ])('%s', (_, parts) => {
    expect(() => template(parts, 'x')).toThrow(TypeError);
  });

  test.each([
    ['inline script', '<script>alert(1)</script>'],
    ['script with a source and text', '<script src="/a.js">alert(1)</script>'],
    ['a source that only stands in another value', '<script data-a=" src=">'],
    ['inline style', '<style>p{}</style>'],
    ['a frame', '<iframe src="/x"></iframe>'],
    ['a base', '<base href="/x">'],
    ['a static handler', '<p onload="x()"></p>'],
    ['a bare <', '<p>1 < 2</p>'],
    ['an unfinished tag', '<p class="a"'],
    ['an unfinished attribute', '<p class="a>'],
    ['a NUL', '<p>\u0000</p>'],
  ])('markup even without a value: %s', (_, part) => {
    expect(() => template([part])).toThrow(TypeError);
  });

  test('an attribute, if it is markup or a list', () => {
    expect(() => html`<p title="${html`<b></b>`}"></p>`).toThrow('title takes text');
    expect(() => html`<p title="${['a']}"></p>`).toThrow(TypeError);
  });
});

describe('an address in a link', () => {
  test.each(['/x?y=1', 'x', '?q', '#f', '//other.example/x', 'https://a.example/', 'HTTP://a.example/', 'a/b:c', ''])(
    '%s is accepted',
    address => {
      expect(html`<a href="${address}">x</a>`.text).toContain('href="');
    },
  );

  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:x',
    'file:///x',
  ])('%j is refused', address => {
    expect(() => html`<a href="${address}">x</a>`).toThrow('http or https');
    expect(() => html`<form action="${address}"></form>`).toThrow(TypeError);
    expect(() => html`<button formaction="${address}"></button>`).toThrow(TypeError);
    expect(() => html`<script src="${address}"></script>`).toThrow(TypeError);
  });

  test('the scheme of an installed program is accepted, which has a dot', () => {
    expect(html`<a href="${'com.example.app:/cb?a=1&b'}">x</a>`.text).toBe(
      '<a href="com.example.app:/cb?a=1&amp;b">x</a>',
    );
  });

  test('a value after the beginning is accepted, because it cannot choose a scheme', () => {
    expect(html`<a href="/x/${'javascript:'}">x</a>`.text).toBe('<a href="/x/javascript:">x</a>');
  });
});
