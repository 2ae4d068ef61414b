// The contract of the store, on the engine that the tests run on.
import { describe } from 'vitest';
import { testDatabase } from '../support/engine.ts';
import { readContract } from './read-contract.ts';
import { writeContract } from './write-contract.ts';

describe('reads', () => readContract(testDatabase));
describe('writes', () => writeContract(testDatabase));
