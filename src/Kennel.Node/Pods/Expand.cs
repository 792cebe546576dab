using System.Text;

namespace Kennel.Node.Pods;

/// <summary><c>$(NAME)</c> in commands, arguments and values; <c>$$</c> stands for a dollar sign, unknown names stay as they are written.</summary>
public static class Expand
{
    public static string Text(string text, Func<string, string?> value)
    {
        if (!text.Contains('$')) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length) result.Append(text[i]);
            else if (text[i + 1] == '$') result.Append(text[++i]);
            else if (text[i + 1] == '(' && text.IndexOf(')', i) is var end and > 0)
            {
                var name = text[(i + 2)..end];
                result.Append(value(name) ?? text[i..(end + 1)]);
                i = end;
            }
            else result.Append('$');
        }
        return result.ToString();
    }
}
