using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>What somebody else wrote stays on its line.</summary>
[Category("Hostile")]
public sealed class OneLineTests
{
    [TestCase("held: lunch", "held: lunch")]
    [TestCase("a\nb\r\nc\td\0e", "a b  c d e")]
    [TestCase("\u001b[31mred", " [31mred")]
    [TestCase("one\u2028line\u2029or two", "one line or two")]
    [TestCase("\u202etxet sdrawkcab", " txet sdrawkcab", TestName = "What_turns_the_direction_of_writing_is_taken_out")]
    [TestCase("été 🦊", "été 🦊")]
    public void A_text_of_somebody_else_stays_one_line(string text, string line) => Assert.That(OneLine.Of(text, 100), Is.EqualTo(line));

    [Test]
    public void Half_a_character_is_none() => Assert.That(OneLine.Of("a" + '\ud83e' + "b" + '\udd8a', 100), Is.EqualTo("a b "));

    [TestCase("abcdef", 6, "abcdef")]
    [TestCase("abcdefg", 6, "abcde…")]
    [TestCase("abcd🦊efg", 6, "abcd…", TestName = "No_character_is_cut_in_half")]
    public void A_long_text_ends_in_dots(string text, int most, string line) => Assert.That(OneLine.Of(text, most), Is.EqualTo(line));
}
