import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usersQuery } from '@/features/users/queries';

/** Chooses a person who can sign in. */
export function UserField({ value, onChange, ...props }: { value: string | null; onChange: (id: string | null) => void; label?: string; description?: string; error?: string; placeholder?: string; 'aria-label'?: string }) {
  const users = useQuery(usersQuery);
  return <Select {...props} searchable clearable data={users.data?.filter((user) => user.isActive || user.id === value).map((user) => ({ value: user.id, label: user.name })) ?? []} value={value} onChange={onChange} nothingFoundMessage="Nobody is called so" />;
}
