namespace Kennel.Objects.Selectors;

/// <summary>The grammar of a label query. What is wrong is thrown as <see cref="FormatException"/> in upstream's words and becomes a value in <see cref="LabelSelector.Parse"/>.</summary>
sealed class LabelSelectorParser(string text)
{
    const string BinaryOperators = "in, notin, =, ==, !=, gt, lt";

    /// <summary>More conditions than anyone writes by hand.</summary>
    const int MostRequirements = 1000;

    readonly List<Token> _tokens = Tokens(text);
    int _next;

    enum Kind { Word, In, NotIn, Equals, DoubleEquals, NotEquals, Greater, Less, Not, Open, Close, Comma, End }

    readonly record struct Token(Kind Kind, string Text);

    public IReadOnlyList<Requirement> Parse()
    {
        var requirements = new List<Requirement>();
        while (true)
        {
            var token = Peek(values: true);
            if (token.Kind == Kind.End) break;
            if (token.Kind is not (Kind.Word or Kind.Not)) throw Found(token, ", expected: !, identifier, or 'end of string'");
            if (requirements.Count == MostRequirements) throw new FormatException($"too many requirements: at most {MostRequirements} are allowed");
            requirements.Add(One());
            token = Take(values: true);
            if (token.Kind == Kind.End) break;
            if (token.Kind != Kind.Comma) throw Found(token, ", expected: ',' or 'end of string'");
            if (Peek(values: true) is { Kind: not (Kind.Word or Kind.Not) } after) throw Found(after, ", expected: identifier after ','");
        }
        requirements.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return requirements;
    }

    Requirement One()
    {
        try
        {
            var requirement = Condition();
            return requirement.Problem() is { } problem ? throw new FormatException(problem) : requirement;
        }
        catch (FormatException e)
        {
            throw new FormatException($"unable to parse requirement: {e.Message}", e);
        }
    }

    Requirement Condition()
    {
        var token = Take(values: true);
        var not = token.Kind == Kind.Not;
        if (not) token = Take(values: true);
        if (token.Kind != Kind.Word) throw Found(token, ", expected: identifier");
        var key = token.Text;
        if (LabelSyntax.KeyProblem(key) is not null) return new Requirement(key, SelectorOperator.Exists, []); // Problem() words it
        if (not) return new Requirement(key, SelectorOperator.DoesNotExist, []);
        if (Peek(values: true).Kind is Kind.End or Kind.Comma) return new Requirement(key, SelectorOperator.Exists, []);
        token = Take(values: false);
        return token.Kind switch
        {
            Kind.In => new(key, SelectorOperator.In, Set()),
            Kind.NotIn => new(key, SelectorOperator.NotIn, Set()),
            Kind.Equals or Kind.DoubleEquals => new(key, SelectorOperator.In, Exact()),
            Kind.NotEquals => new(key, SelectorOperator.NotIn, Exact()),
            Kind.Greater => new(key, SelectorOperator.GreaterThan, Exact()),
            Kind.Less => new(key, SelectorOperator.LessThan, Exact()),
            _ => throw Found(token, $", expected: {BinaryOperators}"),
        };
    }

    string[] Exact()
    {
        if (Peek(values: true).Kind is Kind.End or Kind.Comma) return [""];
        var token = Take(values: true);
        return token.Kind == Kind.Word ? [token.Text] : throw Found(token, ", expected: identifier");
    }

    string[] Set()
    {
        var token = Take(values: true);
        if (token.Kind != Kind.Open) throw Found(token, " expected: '('");
        var values = new SortedSet<string>(StringComparer.Ordinal);
        token = Peek(values: true);
        if (token.Kind is not (Kind.Word or Kind.Comma or Kind.Close)) throw Found(token, ", expected: ',', ')' or identifier");
        while (true)
        {
            token = Peek(values: true);
            if (token.Kind == Kind.Word)
            {
                values.Add(token.Text);
                _next++;
                token = Peek(values: true);
                if (token.Kind is not (Kind.Comma or Kind.Close)) throw Found(token, ", expected: ',' or ')'");
            }
            else
            {
                values.Add(""); // an empty value stands wherever a value could: (), (,a), (a,), (a,,b)
            }
            token = Take(values: true);
            if (token.Kind == Kind.Close) return [.. values];
            if (token.Kind != Kind.Comma) throw Found(token, ", expected: ',', or identifier");
        }
    }

    /// <param name="values">Where a value may stand, the words in and notin are values.</param>
    Token Peek(bool values)
    {
        var token = _tokens[Math.Min(_next, _tokens.Count - 1)];
        return values && token.Kind is (Kind.In or Kind.NotIn) ? token with { Kind = Kind.Word } : token;
    }

    Token Take(bool values)
    {
        var token = Peek(values);
        _next++;
        return token;
    }

    static FormatException Found(Token token, string expected) => new($"found '{token.Text}'{expected}");

    static List<Token> Tokens(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (text[i] is ' ' or '\t' or '\r' or '\n')
            {
                i++;
                continue;
            }
            while (i < text.Length && IsSymbol(text[i]) == IsSymbol(text[start]) && text[i] is not (' ' or '\t' or '\r' or '\n')) i++;
            if (IsSymbol(text[start])) i = start + SymbolLength(text.AsSpan(start, i - start));
            tokens.Add(Of(text[start..i]));
        }
        tokens.Add(new Token(Kind.End, ""));
        return tokens;
    }

    static bool IsSymbol(char c) => c is '=' or '!' or '(' or ')' or ',' or '>' or '<';

    static int SymbolLength(ReadOnlySpan<char> run) => run.StartsWith("==") || run.StartsWith("!=") ? 2 : 1;

    static Token Of(string text) => new(text switch
    {
        "in" => Kind.In,
        "notin" => Kind.NotIn,
        "=" => Kind.Equals,
        "==" => Kind.DoubleEquals,
        "!=" => Kind.NotEquals,
        ">" or "gt" => Kind.Greater,
        "<" or "lt" => Kind.Less,
        "!" => Kind.Not,
        "(" => Kind.Open,
        ")" => Kind.Close,
        "," => Kind.Comma,
        _ => Kind.Word,
    }, text);
}
