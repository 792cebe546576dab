using System.Text;

namespace Kennel.Server.Documents;

/// <summary>What <c>kubectl version</c> shows: the Kubernetes API that is spoken, and whose program speaks it.</summary>
static class Version
{
    const string Api = "1.36.0";

    public static byte[] Document { get; } = Answers.Encode.Indented(Encoding.UTF8.GetBytes(
        $$"""{"major":"1","minor":"36","gitVersion":"{{GitVersion}}","gitCommit":"","gitTreeState":"clean","buildDate":"1970-01-01T00:00:00Z","goVersion":"","compiler":"dotnet {{Environment.Version}}","platform":"linux/{{Architecture}}"}"""));

    public static string GitVersion => $"v{Api}+kennel-{Own}";

    static string Own => typeof(Version).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static string Architecture => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
}
