import { useLocalStorage } from '@mantine/hooks';

/** Whether single letters act inside a focused list or record. */
export const useLetterKeys = () => useLocalStorage({ key: 'leadcrm-letter-keys', defaultValue: true, getInitialValueInEffect: false });
