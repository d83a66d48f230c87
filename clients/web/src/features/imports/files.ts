/** Files that were sent from this page, as long as it is open: to read one in another way without choosing it again. */
const files = new Map<string, File>();

export const rememberFile = (importId: string, file: File) => void files.set(importId, file);
export const fileOf = (importId: string) => files.get(importId);
