export const attempts = (left: number): string => (left === 1 ? 'noch 1 Versuch' : `noch ${left} Versuche`);
