using System.Globalization;
using System.Text;

namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>Splits CEL source into tokens (CEL language definition, "Syntax").</summary>
internal sealed class Lexer
{
    private static readonly string[] Symbols =
        ["&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", "<", ">", "!", "-", "+", "*", "/", "%", "?", ":", ",", "."];

    private readonly string source;
    private int at;

    private Lexer(string source) => this.source = source;

    /// <exception cref="CelCompileException">A character or literal that CEL does not have.</exception>
    public static List<Token> Tokens(string source)
    {
        var lexer = new Lexer(source);
        List<Token> tokens = [];
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != TokenKind.End);

        return tokens;
    }

    private char Current => Peek(0);

    private char Peek(int ahead) => at + ahead < source.Length ? source[at + ahead] : '\0';

    private Token Next()
    {
        SkipBlanks();
        var start = at;
        if (at >= source.Length)
        {
            return new Token(TokenKind.End, "<EOF>", start);
        }

        if (StringPrefix() is { } prefix)
        {
            at += prefix.Length;
            var text = QuotedText(prefix.Contains('r', StringComparison.OrdinalIgnoreCase), start);
            return new Token(prefix.Contains('b', StringComparison.OrdinalIgnoreCase) ? TokenKind.Bytes : TokenKind.Text, text, start);
        }

        if (char.IsAsciiDigit(Current) || (Current == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Number(start);
        }

        if (char.IsAsciiLetter(Current) || Current == '_')
        {
            while (char.IsAsciiLetterOrDigit(Current) || Current == '_')
            {
                at++;
            }

            return new Token(TokenKind.Identifier, source[start..at], start);
        }

        if (Symbols.FirstOrDefault(s => string.CompareOrdinal(source, at, s, 0, s.Length) == 0) is { } symbol)
        {
            at += symbol.Length;
            return new Token(TokenKind.Symbol, symbol, start);
        }

        throw new CelCompileException($"Syntax error: token recognition error at: '{Current}'", start);
    }

    private void SkipBlanks()
    {
        while (at < source.Length && (char.IsWhiteSpace(Current) || (Current == '/' && Peek(1) == '/')))
        {
            if (Current == '/')
            {
                var end = source.IndexOf('\n', at);
                at = end < 0 ? source.Length : end;
            }
            else
            {
                at++;
            }
        }
    }

    private string? StringPrefix()
    {
        var length = 0;
        while (length < 2 && "rRbB".Contains(Peek(length)))
        {
            length++;
        }

        return Peek(length) is '\'' or '"' ? source.Substring(at, length) : null;
    }

    private Token Number(int start)
    {
        if (Current == '0' && Peek(1) is 'x' or 'X')
        {
            at += 2;
            while (char.IsAsciiHexDigit(Current))
            {
                at++;
            }

            var value = ulong.Parse(source.AsSpan(start + 2, at - start - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return Whole(value.ToString(CultureInfo.InvariantCulture), start);
        }

        SkipDigits();
        var isDouble = false;
        if (Current == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isDouble = true;
            at++;
            SkipDigits();
        }

        if (Current is 'e' or 'E')
        {
            isDouble = true;
            at += Peek(1) is '+' or '-' ? 2 : 1;
            SkipDigits();
        }

        return isDouble ? new Token(TokenKind.Double, source[start..at], start) : Whole(source[start..at], start);
    }

    private Token Whole(string digits, int start)
    {
        if (Current is not ('u' or 'U'))
        {
            return new Token(TokenKind.Integer, digits, start);
        }

        at++;
        return new Token(TokenKind.Unsigned, digits, start);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Current))
        {
            at++;
        }
    }

    private string QuotedText(bool raw, int start)
    {
        var quote = Current;
        var isTriple = Peek(1) == quote && Peek(2) == quote;
        var end = new string(quote, isTriple ? 3 : 1);
        at += end.Length;
        var text = new StringBuilder();
        while (string.CompareOrdinal(source, at, end, 0, end.Length) != 0)
        {
            if (at >= source.Length || (Current == '\n' && !isTriple))
            {
                throw new CelCompileException("Syntax error: the string is not ended", start);
            }

            if (Current == '\\' && !raw)
            {
                at++;
                text.Append(Escape(start));
            }
            else
            {
                text.Append(source[at++]);
            }
        }

        at += end.Length;
        return text.ToString();
    }

    private string Escape(int start)
    {
        var code = source.Length > at ? source[at++] : '\0';
        return code switch
        {
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\v",
            '\\' or '?' or '"' or '\'' or '`' => code.ToString(),
            'x' or 'X' => Rune(2, start),
            'u' => Rune(4, start),
            'U' => Rune(8, start),
            _ => throw new CelCompileException($"Syntax error: unknown escape '\\{code}'", start),
        };
    }

    private string Rune(int digits, int start)
    {
        if (at + digits > source.Length
            || !int.TryParse(source.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !System.Text.Rune.IsValid(value))
        {
            throw new CelCompileException("Syntax error: invalid character code", start);
        }

        at += digits;
        return new Rune(value).ToString();
    }
}
