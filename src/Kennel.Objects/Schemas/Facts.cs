namespace Kennel.Objects.Schemas;

/// <summary>The embedded facts files: names, types and numbers of the API, no prose.</summary>
static class Facts
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(Facts).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"the facts file {name} isn't embedded");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
