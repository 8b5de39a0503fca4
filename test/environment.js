import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

/**
 * Jest's environment for Node in which code runs about as fast as outside of Jest. Two things are otherwise:
 * - Jest has Node make a context of an object, which is then asked by way of C++ for every `Math`, `Map` and `Promise`
 *   that code mentions. This one is an ordinary global object: https://nodejs.org/api/vm.html#vmconstantsdont_contextify
 * - An error remembers ten calls, as it does where the code is for, not a hundred: the simulator throws many.
 */
export default class extends TestEnvironment {
  constructor(config, context) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    this.global.Error.stackTraceLimit = 10;
  }
}
