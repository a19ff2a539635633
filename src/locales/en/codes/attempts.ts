export const attempts = (left: number): string => (left === 1 ? '1 try left' : `${left} tries left`);
