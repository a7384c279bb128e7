namespace Modestano.Testbed.KubeApi.Schema.Cel;

internal enum TokenKind
{
    Identifier,
    Symbol,
    Integer,
    Unsigned,
    Double,
    Text,
    Bytes,
    End,
}

/// <summary>A token; <paramref name="Text"/> of strings is already unescaped.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Identifier && Text == word;
}
