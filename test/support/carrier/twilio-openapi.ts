/**
 * Checks requests to Twilio's REST API, and answers of it, against Twilio's own description of calls and messages
 * (test/data). It supports exactly the keywords, types and formats that this description uses, and refuses others.
 */
import { readFileSync } from 'node:fs';

interface Schema {
  readonly $ref?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: Schema;
  readonly required?: boolean;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export type Form = URLSearchParams | Readonly<Record<string, string | readonly string[]>>;

/** `path` with its query, as it is requested. */
export interface TwilioRequest {
  readonly method: string;
  readonly path: string;
  readonly form?: Form;
}
export interface TwilioResponse {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The JSON of the answer; undefined without a body. */
  readonly body: unknown;
}

const file = new URL('../../data/twilio-calls-messages.openapi.json', import.meta.url);
const description = JSON.parse(readFileSync(file, 'utf8')) as Description;

const address = /^https?:\/\/[A-Za-z0-9.[\]:-]+(\/|$)/;
const e164 = /^\+[1-9][0-9]{6,14}$/;
/** Patterns of formats. An empty pattern: Twilio names the format without a rule. */
const formats: Readonly<Record<string, RegExp>> = {
  uri: new RegExp(`${address.source}|^/`),
  'http-method': /^(GET|POST)$/,
  'phone-number': e164,
  endpoint: new RegExp(`${e164.source}|^(sip|client):.`),
  'date-time-rfc-2822': /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/,
  'date-time': /^\d{4}-\d{2}-\d{2}/,
  currency: /^[A-Za-z]{3}$/,
  int64: /^/,
  twiml: /^/,
  'uri-map': /^/,
};
const keywords = new Set(
  '$ref type format nullable enum pattern minLength maxLength minimum maximum items properties required'
    .concat(' description title example x-twilio')
    .split(' '),
);
const types = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object', undefined]);

/** @throws Error for a keyword, type or format that is not supported: a check that is skipped must be seen. */
export const refuseUnknown = (schema: Schema, where: string): void => {
  const strange = Object.keys(schema).filter(name => !keywords.has(name));
  if (strange.length > 0) throw new Error(`${where}: unknown keyword ${strange.join(', ')}`);
  if (!types.has(schema.type)) throw new Error(`${where}: unknown type ${String(schema.type)}`);
  const { format, items, properties = {} } = schema;
  if (format !== undefined && formats[format] === undefined) throw new Error(`${where}: unknown format ${format}`);
  if (items !== undefined) refuseUnknown(items, `${where}[]`);
  for (const [name, each] of Object.entries(properties)) refuseUnknown(each, `${where}.${name}`);
};

const methods = ['get', 'post', 'delete'];
const schemasOf = ({ parameters = [], requestBody, responses }: Operation): readonly Schema[] => [
  ...parameters.map(({ schema }) => schema),
  ...Object.values(requestBody?.content ?? {}).map(({ schema }) => schema),
  ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content).map(({ schema }) => schema)),
];
for (const [path, item] of Object.entries(description.paths)) {
  for (const method of methods) {
    for (const schema of item[method] === undefined ? [] : schemasOf(item[method])) refuseUnknown(schema, path);
  }
}
for (const [name, schema] of Object.entries(description.components.schemas)) refuseUnknown(schema, name);

const resolved = (schema: Schema): Schema => {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  if (name === undefined) return schema;
  const found = description.components.schemas[name];
  if (found === undefined) throw new Error(`${name} is not described`);
  return found;
};

const textFaults = (schema: Schema, value: string, where: string): string[] => {
  const { format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const rule = format === undefined ? undefined : formats[format];
  return [
    ...(schema.enum?.includes(value) === false ? [`${where}: ${value} is none of ${schema.enum.join(', ')}`] : []),
    ...(pattern !== undefined && !new RegExp(pattern).test(value)
      ? [`${where}: ${value} does not fit ${pattern}`]
      : []),
    ...(value.length < minLength || value.length > maxLength ? [`${where}: ${value.length} characters`] : []),
    ...(rule?.test(value) === false ? [`${where}: ${value} is no ${format}`] : []),
  ];
};

const numberFaults = ({ type, minimum, maximum }: Schema, value: number, where: string): string[] => [
  ...(Number.isFinite(value) && (type === 'number' || Number.isInteger(value)) ? [] : [`${where}: expected ${type}`]),
  ...(value < (minimum ?? value) || value > (maximum ?? value) ? [`${where}: ${value} is out of range`] : []),
];

/** Faults of a value in a form or a query, where every type is text. */
const formFaults = (given: Schema, values: readonly string[], where: string): string[] => {
  const schema = resolved(given);
  if (schema.type === 'array') return values.flatMap(value => formFaults(schema.items ?? {}, [value], where));
  if (values.length > 1) return [`${where}: more than once`];
  const [value = ''] = values;
  if (schema.type === 'integer' || schema.type === 'number') {
    return /^-?[0-9.]+$/.test(value) ? numberFaults(schema, Number(value), where) : [`${where}: expected a number`];
  }
  if (schema.type === 'boolean')
    return value === 'true' || value === 'false' ? [] : [`${where}: expected true or false`];
  // Only answers write an address without its host.
  const isPlace = schema.format !== 'uri' || address.test(value);
  return [...textFaults(schema, value, where), ...(isPlace ? [] : [`${where}: ${value} is no absolute address`])];
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Faults of a value in an answer. Every described member must be there: Twilio always sends all. */
const jsonFaults = (given: Schema, value: unknown, where: string): string[] => {
  const schema = resolved(given);
  if (value === null) return schema.nullable === true ? [] : [`${where}: null`];
  if (typeof value === 'string' && schema.type === 'string') return textFaults(schema, value, where);
  if (typeof value === 'number' && (schema.type === 'integer' || schema.type === 'number')) {
    return numberFaults(schema, value, where);
  }
  if (typeof value === 'boolean' && schema.type === 'boolean') return [];
  if (Array.isArray(value) && schema.type === 'array') {
    return value.flatMap((each, index) => jsonFaults(schema.items ?? {}, each, `${where}[${index}]`));
  }
  if (!isRecord(value) || schema.type !== 'object') return [`${where}: expected ${schema.type}, got ${typeof value}`];
  if (schema.properties === undefined) {
    return Object.entries(value).flatMap(([name, each]) =>
      typeof each === 'string' ? [] : [`${where}.${name}: no text`],
    );
  }
  const { properties } = schema;
  return [
    ...Object.keys(properties).flatMap(name => (name in value ? [] : [`${where}.${name}: missing`])),
    ...Object.entries(value).flatMap(([name, each]) =>
      properties[name] === undefined
        ? [`${where}.${name}: not described`]
        : jsonFaults(properties[name], each, `${where}.${name}`),
    ),
  ];
};

const matched = (pattern: string, path: string): Readonly<Record<string, string>> | undefined => {
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const expression = pattern.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '([^/]+?)');
  const values = new RegExp(`^${expression}$`).exec(path)?.slice(1).map(decodeURIComponent);
  return values && Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
};

const find = (method: string, path: string) => {
  for (const [pattern, item] of Object.entries(description.paths)) {
    const params = matched(pattern, path);
    const operation = item[method.toLowerCase()];
    if (params !== undefined && operation?.responses !== undefined) return { operation, params };
  }
  return undefined;
};

const entriesOf = (form: Form): readonly (readonly [string, readonly string[]])[] =>
  form instanceof URLSearchParams
    ? [...new Set(form.keys())].map(name => [name, form.getAll(name)] as const)
    : Object.entries(form).map(([name, value]) => [name, typeof value === 'string' ? [value] : value] as const);

const placeOf = (path: string): URL => new URL(path, 'https://api.twilio.com');

/** Faults of a request; empty: Twilio describes it. */
export const checkRequest = ({ method, path, form = {} }: TwilioRequest): readonly string[] => {
  const { pathname, searchParams } = placeOf(path);
  const found = find(method, pathname);
  if (found === undefined) return [`${method} ${pathname}: not described`];
  const { parameters = [], requestBody } = found.operation;
  const inPath = parameters
    .filter(each => each.in === 'path')
    .flatMap(({ name, schema }) => formFaults(schema, [found.params[name] ?? ''], `path ${name}`));
  const inQuery = entriesOf(searchParams).flatMap(([name, values]) => {
    const known = parameters.find(each => each.in === 'query' && each.name === name);
    return known === undefined ? [`query ${name}: not described`] : formFaults(known.schema, values, `query ${name}`);
  });
  const body = requestBody?.content['application/x-www-form-urlencoded']?.schema ?? {};
  const fields = entriesOf(form);
  const missing = (body.required ?? []).filter(name => !fields.some(([each, [value]]) => each === name && value));
  const inForm = fields.flatMap(([name, values]) => {
    const known = body.properties?.[name];
    return known === undefined ? [`form ${name}: not described`] : formFaults(known, values, `form ${name}`);
  });
  return [...inPath, ...inQuery, ...missing.map(name => `form ${name}: missing`), ...inForm];
};

/** Faults of a refusal. It is not in the description but at https://www.twilio.com/docs/usage/twilios-response. */
const errorFaults = (status: number, body: unknown): readonly string[] => {
  if (!isRecord(body)) return ['error: expected an object'];
  const { code, message, more_info: more, status: said } = body;
  return [
    ...(typeof code === 'number' && code >= 10_000 && code <= 99_999 ? [] : ['error.code: five digits']),
    ...(typeof message === 'string' && message !== '' ? [] : ['error.message: missing']),
    ...(more === `https://www.twilio.com/docs/errors/${String(code)}` ? [] : ['error.more_info: not of this code']),
    ...(said === status ? [] : [`error.status: ${String(said)} in an answer with ${status}`]),
    ...Object.keys(body).flatMap(name =>
      ['code', 'message', 'more_info', 'status'].includes(name) ? [] : [`error.${name}: not described`],
    ),
  ];
};

/** Faults of an answer; empty: Twilio describes it for this operation. */
export const checkResponse = ({ method, path, status, body }: TwilioResponse): readonly string[] => {
  const { pathname } = placeOf(path);
  if (status >= 400) return errorFaults(status, body);
  const found = find(method, pathname);
  if (found === undefined) return [`${method} ${pathname}: not described`];
  const response = found.operation.responses[String(status)];
  if (response === undefined) return [`${method} ${pathname}: no answer with ${status} is described`];
  const schema = response.content?.['application/json']?.schema;
  if (schema === undefined) return body === undefined ? [] : ['body: expected none'];
  return jsonFaults(schema, body, 'body');
};
