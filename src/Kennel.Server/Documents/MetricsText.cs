using System.Globalization;
using System.Text;

namespace Kennel.Server.Documents;

/// <summary>Metrics in the text form that Prometheus reads.</summary>
public sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly StringBuilder _text = new(16 * 1024);

    /// <summary>Begins a family. Its values follow.</summary>
    /// <param name="type">counter, gauge or histogram.</param>
    public void Family(string name, string type, string help) => _text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

    /// <param name="labels"><c>a="b",c="d"</c>; empty for none.</param>
    public void Value(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0) _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    public byte[] Bytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
