import { MultiSelect } from '@mantine/core';

/** Permissions that a program may use, of those that its user holds. */
export function Scopes({ held, ...props }: { held: string[]; value: string[]; onChange: (next: string[]) => void; error?: string }) {
  return <MultiSelect label="Scopes" description="What it may do; never more than its user may at that moment" searchable clearable hidePickedOptions data={held} nothingFoundMessage="The user holds no such permission" {...props} />;
}
