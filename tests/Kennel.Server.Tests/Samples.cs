namespace Kennel.Server.Tests;

static class Samples
{
    public const string Sets = "/apis/apps/v1/namespaces/default/statefulsets";
    public const string Pods = "/api/v1/namespaces/default/pods";
    public const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    public const string Services = "/api/v1/namespaces/default/services";

    public static string ConfigMap(string name, string labels = "{}", string data = "{\"a\":\"1\"}") =>
        $$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{name}}","labels":{{labels}}},"data":{{data}}}""";

    public static string Set(string name = "web", int replicas = 3) =>
        """
        {"kind":"StatefulSet","apiVersion":"apps/v1","metadata":{"name":"NAME"},"spec":{"serviceName":"web","replicas":REPLICAS,
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"busybox:1"}]}}}}
        """.Replace("NAME", name).Replace("REPLICAS", replicas.ToString());

    public static string Pod(string name = "p", string more = "") =>
        """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"NAME"},"spec":{"containers":[{"name":"main","image":"busybox:1"}]MORE}}""".Replace("NAME", name).Replace("MORE", more);
}
