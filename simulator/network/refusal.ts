/** A request that this network refuses, with Twilio's error code. */
export interface Refusal {
  /** Of HTTP. */
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export const refuse = (code: number, message: string): Refusal => ({ status: 400, code, message });
