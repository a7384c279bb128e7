using Modestano.Testbed.KubeApi.Schema.Cel;

namespace Modestano.Testbed.Tests.Schema.Cel;

public sealed class ExpressionTests
{
    [TestCase("1 + 2 * 3 == 7")]
    [TestCase("(1 + 2) * 3 == 9")]
    [TestCase("7 / 2 == 3 && 7 % 2 == 1 && -7 / 2 == -3")]
    [TestCase("7.0 / 2.0 == 3.5")]
    [TestCase("2u + 3u == 5u")]
    [TestCase("0x1F == 31 && 1e3 == 1000.0")]
    [TestCase("-9223372036854775808 < 0")]
    [TestCase("1 < 2 ? true : false")]
    [TestCase("false || true && !false")]
    [TestCase("'a' < 'b' && b'a' < b'b'")]
    [TestCase("""'a\tb' == "a\u0009b" && r'\d' == '\\d'""")]
    [TestCase("2 in [1, 2] && !(3 in [1, 2]) && 'k' in {'k': 1}")]
    [TestCase("[1, 2][1] == 2 && {'a': 5}['a'] == 5 && {'a': 5}.a == 5")]
    [TestCase("[1] + [2] == [1, 2] && {'a': [1]} == {'a': [1]}")]
    [TestCase("null == null && dyn(1) != null")]
    [TestCase("type(1) == int && type('a') == string && type(1) != type('a')")]
    [TestCase("dyn(1) == dyn(1.0)")]
    public void Operators_hold(string expression) => Assert.That(Run(expression), Is.True);

    [TestCase("[1, 2, 3].all(x, x > 0) && ![1, 2].all(x, x > 1)")]
    [TestCase("[1, 2].exists(x, x == 2) && [1, 2].exists_one(x, x == 2) && ![2, 2].exists_one(x, x == 2)")]
    [TestCase("[1, 2, 3].filter(x, x > 1).map(x, x * 10) == [20, 30]")]
    [TestCase("[1, 2, 3].map(x, x > 1, x * 10) == [20, 30]")]
    [TestCase("{'a': 1, 'b': 2}.all(k, k in ['a', 'b'])")]
    [TestCase("has({'a': 1}.a) && !has({'a': 1}.b)")]
    [TestCase("[[1], [2]].all(x, x.all(y, y < 3))")]
    public void Macros_hold(string expression) => Assert.That(Run(expression), Is.True);

    [TestCase("size('häß') == 3 && 'abc'.size() == 3 && size([1]) == 1 && size({'a': 1}) == 1")]
    [TestCase("'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')")]
    [TestCase("'eu-west-1'.matches('^[a-z]+-[a-z]+-[0-9]$') && 'xay'.matches('a')")]
    [TestCase("'A,b'.lowerAscii().split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && ['a', 'b'].join() == 'ab'")]
    [TestCase("'abc'.upperAscii() == 'ABC' && ' a '.trim() == 'a' && 'aXa'.replace('a', 'b') == 'bXb' && 'aXa'.replace('a', 'b', 1) == 'bXa'")]
    [TestCase("'abc'.charAt(1) == 'b' && 'abc'.substring(1) == 'bc' && 'abc'.substring(0, 2) == 'ab'")]
    [TestCase("'abca'.indexOf('a') == 0 && 'abca'.lastIndexOf('a') == 3 && 'abc'.indexOf('x') == -1")]
    [TestCase("'a1b22'.find('[0-9]+') == '1' && 'a1b22'.findAll('[0-9]+') == ['1', '22']")]
    [TestCase("[1, 2, 3].sum() == 6 && [3, 1].min() == 1 && [3, 1].max() == 3 && [1, 2].isSorted() && ![2, 1].isSorted()")]
    [TestCase("['a', 'b', 'a'].indexOf('b') == 1 && ['a', 'b', 'a'].lastIndexOf('a') == 2")]
    public void Functions_hold(string expression) => Assert.That(Run(expression), Is.True);

    [TestCase("int('12') == 12 && int(3.9) == 3 && double('1.5') == 1.5 && double(2) == 2.0 && uint(3) == 3u")]
    [TestCase("string(1) == '1' && string(1.5) == '1.5' && string(true) == 'true' && bool('true') && !bool('false')")]
    [TestCase("duration('1h30m') == duration('90m') && duration('1s') > duration('500ms') && duration('2m').getSeconds() == 120")]
    [TestCase("timestamp('2026-01-02T03:04:05Z') + duration('1h') == timestamp('2026-01-02T05:04:05+01:00')")]
    [TestCase("timestamp('2026-01-02T03:04:05Z').getFullYear() == 2026 && timestamp('2026-01-02T03:04:05Z').getMonth() == 0")]
    [TestCase("timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')")]
    [TestCase("string(duration('1m30s')) == '90s' && string(timestamp('2026-01-02T03:04:05Z')) == '2026-01-02T03:04:05Z'")]
    public void Conversions_hold(string expression) => Assert.That(Run(expression), Is.True);

    [TestCase("1 / 0 == 1", "division by zero")]
    [TestCase("9223372036854775807 + 1 == 0", "integer overflow")]
    [TestCase("[1][1] == 1", "index out of bounds: 1")]
    [TestCase("{'a': 1}.b == 1", "no such key: b")]
    [TestCase("dyn('a') + dyn(1) == 1", "no such overload")]
    [TestCase("duration('soon') == duration('1s')", "time: invalid duration \"soon\"")]
    [TestCase("int('x') == 1", "type conversion error from \"x\" to 'int'")]
    public void A_failure_says_what_failed(string expression, string message) =>
        Assert.That(() => Run(expression), Throws.TypeOf<CelException>().With.Message.EqualTo(message));

    [TestCase("1 / 0 == 1 || true", true)]
    [TestCase("true || 1 / 0 == 1", true)]
    [TestCase("1 / 0 == 1 && false", false)]
    [TestCase("[0, 1].exists(x, 1 / x == 1)", true)]
    public void One_decisive_operand_outweighs_a_failure(string expression, bool result) => Assert.That(Run(expression), Is.EqualTo(result));

    [TestCase("nope == 1", "undeclared reference to 'nope' (in container '')")]
    [TestCase("f(1) == 1", "undeclared reference to 'f' (in container '')")]
    [TestCase("1 + 'a' == 2", "found no matching overload for '_+_' applied to '(int, string)'")]
    [TestCase("1 == 'a'", "found no matching overload for '_==_' applied to '(int, string)'")]
    [TestCase("'a'.startsWith(1)", "found no matching overload for 'startsWith' applied to 'string.(int)'")]
    [TestCase("1 && true", "found no matching overload for '_&&_' applied to '(int, bool)'")]
    [TestCase("'a' in [1]", "found no matching overload for '@in' applied to '(string, list(int))'")]
    [TestCase("(1).all(x, x)", "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)")]
    [TestCase("[1].all(x.y, true)", "argument is not an identifier")]
    [TestCase("has(1)", "invalid argument to has() macro")]
    [TestCase("1 + 1", "cel expression must evaluate to a bool")]
    [TestCase("1 +", "Syntax error: mismatched input '<EOF>'")]
    [TestCase("'a", "Syntax error: the string is not ended")]
    [TestCase("a # b", "Syntax error: token recognition error at: '#'")]
    public void What_cannot_work_does_not_compile(string expression, string message) =>
        Assert.That(() => Run(expression), Throws.TypeOf<CelCompileException>().With.Message.EqualTo(message));

    [Test]
    public void Nesting_without_end_does_not_compile() =>
        Assert.That(() => Run(new string('(', 5000) + "true" + new string(')', 5000)), Throws.TypeOf<CelCompileException>());

    private static object Run(string expression) => CelProgram.Compile(expression, CelType.Dyn, CelType.Bool).Run("unused", null);
}
