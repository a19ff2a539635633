import type { Refusal } from './behaviours/api.ts';

export const refuse = (code: number, message: string): Refusal => ({ status: 400, code, message });
