// The members of the demo: who they are, how much they buy, and who belongs to whom.

/** What a member's purchases are like; in a year they come to Bronze, Silver or Gold. */
export type Purse = 'SMALL' | 'MEDIUM' | 'LARGE';
export type DemoMember = {
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly purse: Purse;
  readonly optedIn: boolean;
  readonly primaryUserId: string | null;
};

const purses = { S: 'SMALL', M: 'MEDIUM', L: 'LARGE' } as const;
// user-001 and user-002 buy little besides the orders that the example operations use, so that those earn at the first tier.
const pursesInOrder = ['S', 'S', 'L', 'M', 'S', 'M', 'L', 'S', 'M', 'L', 'S', 'M', 'L', 'S', 'M', 'L', 'S', 'M', 'L', 'S'] as const;
const pursesOfOthers = ['M', 'S', 'M', 'L', 'S', 'M', 'S', 'M', 'S', 'S'] as const;

const names = [
  ...['Alex Morgan', 'Sam Rivera', 'Jordan Lee', 'Taylor Brooks', 'Casey Nguyen', 'Robin Patel', 'Jamie Foster', 'Morgan Ellis'],
  ...['Riley Cooper', 'Avery Hughes', 'Quinn Murphy', 'Drew Sanders', 'Rowan Bailey', 'Skyler Reed', 'Emerson Cole', 'Hayden Price'],
  ...['Parker Wells', 'Reese Carter', 'Sage Turner', 'Finley Ward', 'Kai Morgan', 'Noel Morgan', 'Dana Rivera', 'Blake Lee'],
  ...['Jules Lee', 'Toni Brooks', 'Marlow Grant', 'Ellis Hart', 'Lane Palmer', 'Shay Monroe'],
];

/** Secondary members and their primary members. */
const primaries = new Map([
  ['user-021', 'user-001'],
  ['user-022', 'user-001'],
  ['user-023', 'user-002'],
  ['user-024', 'user-003'],
  ['user-025', 'user-003'],
  ['user-026', 'user-004'],
]);

/** A member who takes no part any more, so that a refusal can be seen. */
export const blockedUserId = 'user-029';
/** A member who orders but earns nothing. */
export const optedOutUserId = 'user-030';

const userIdOf = (index: number): string => `user-${String(index + 1).padStart(3, '0')}`;

export const demoMembers: readonly DemoMember[] = [...pursesInOrder, ...pursesOfOthers].map((purse, index) => {
  const userId = userIdOf(index);
  const [firstName = '', lastName = ''] = names[index]?.split(' ') ?? [];
  return {
    userId,
    firstName,
    lastName,
    purse: purses[purse],
    optedIn: userId !== optedOutUserId,
    primaryUserId: primaries.get(userId) ?? null,
  };
});

export const emailOf = ({ firstName, lastName }: DemoMember): string => `${firstName}.${lastName}@example.com`.toLowerCase();
