package example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.htmlunit.WebClient;
import org.openqa.selenium.By;
import org.openqa.selenium.htmlunit.HtmlUnitDriver;
import org.openqa.selenium.json.Json;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Runs the browser commands of a plan in HtmlUnit, as the conformance suite does: arguments are the plan's file and addresses. */
public class Suite {
  private static final HtmlUnitDriver driver =
      new HtmlUnitDriver(true) {
        @Override
        protected WebClient modifyWebClient(WebClient client) {
          client.getOptions().setThrowExceptionOnScriptError(false);
          return client;
        }
      };

  public static void main(String[] arguments) throws Exception {
    Map<String, Object> plan = new Json().toType(Files.readString(Path.of(arguments[0])), Map.class);
    for (int at = 1; at < arguments.length; at += 1) visit(list(plan.get("browser")), arguments[at]);
    driver.quit();
  }

  private static void visit(List<Map<String, Object>> visits, String url) {
    Map<String, Object> visit = visits.stream().filter(each -> matches(each, url)).findFirst().orElseThrow();
    driver.get(url);
    for (Map<String, Object> task : Suite.<Map<String, Object>>list(visit.get("tasks"))) {
      if (matches(task, driver.getCurrentUrl())) {
        for (List<Object> command : Suite.<List<Object>>list(task.getOrDefault("commands", List.of()))) run(command);
      } else if (!Boolean.TRUE.equals(task.get("optional"))) {
        throw new IllegalStateException(task.get("task") + ": got " + driver.getCurrentUrl());
      }
    }
    System.out.println("Ended at " + driver.getCurrentUrl());
  }

  private static void run(List<Object> command) {
    String target = (String) command.get(2);
    if (command.get(0).equals("wait")) {
      WebDriverWait wait = new WebDriverWait(driver, Duration.ofSeconds(((Number) command.get(3)).longValue()));
      if (command.get(1).equals("contains")) wait.until(at -> at.getCurrentUrl().contains(target));
      else wait.until(at -> !at.findElements(selector(command)).isEmpty());
      return;
    }
    var found = driver.findElements(selector(command));
    if (found.isEmpty()) {
      if (!command.contains("optional")) throw new IllegalStateException("no " + target + " at " + driver.getCurrentUrl());
    } else if (command.get(0).equals("text")) {
      found.get(0).clear();
      found.get(0).sendKeys((String) command.get(3));
    } else {
      found.get(0).click();
    }
  }

  private static By selector(List<Object> command) {
    String target = (String) command.get(2);
    return switch ((String) command.get(1)) {
      case "id" -> By.id(target);
      case "name" -> By.name(target);
      default -> By.cssSelector(target);
    };
  }

  private static boolean matches(Map<String, Object> each, String url) {
    return url.matches(Pattern.quote((String) each.get("match")).replace("*", "\\E.*\\Q"));
  }

  @SuppressWarnings("unchecked")
  private static <T> List<T> list(Object value) {
    return (List<T>) value;
  }
}
